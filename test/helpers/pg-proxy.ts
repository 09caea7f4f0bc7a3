import { createServer, Socket } from 'node:net';

/** Stands between a client and a server, on a free loopback port. */
export interface Proxy {
  readonly port: number;
  connections(): number;
  close(): void;
}

async function listen(onConnection: (socket: Socket) => void): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let count = 0;
  const listener = createServer((socket) => {
    count += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  listener.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    connections: () => count,
    close: () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

export function silentServer(): Promise<Proxy> {
  return listen(() => undefined);
}

/** Hands on what both sides say; `onSent` may look at, or change, what the client sends. */
export function forwarding(
  port: number,
  onSent: (chunk: Buffer) => void,
  toClient: (socket: Socket, chunk: Buffer) => void = (socket, chunk) => socket.write(chunk),
): Promise<Proxy> {
  return listen((socket) => {
    const upstream = new Socket().connect(port, '127.0.0.1');
    upstream.on('error', () => undefined);
    socket.on('data', (chunk) => {
      onSent(chunk);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => toClient(socket, chunk));
    socket.on('close', () => upstream.destroy());
    upstream.on('close', () => socket.destroy());
  });
}

/** Forwards until told to hold back what the server says, like a path that lost its way back. */
export async function freezingProxy(port: number): Promise<Proxy & { freeze(): void; thaw(): void }> {
  let frozen = false;
  let held: (() => void)[] = [];
  const proxy = await forwarding(
    port,
    () => undefined,
    (socket, chunk) => {
      if (frozen) held.push(() => socket.write(chunk));
      else socket.write(chunk);
    },
  );
  return {
    ...proxy,
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
      const release = held;
      held = [];
      for (const send of release) send();
    },
  };
}

/** Turns the setting of a timeout into that of another setting, as a server that forgets would look. */
export function amnesiacProxy(port: number): Promise<Proxy> {
  return forwarding(port, (chunk) => {
    const at = chunk.includes('set_config') ? chunk.indexOf('idle_session_timeout') : -1;
    if (at >= 0) chunk.write('app.session_timeouts', at, 'latin1');
  });
}
