/** How every list of the store is read. */

export interface PageRequest {
  /** 1 to 1000. */
  readonly limit: number;
  /** Opaque; from the page before. */
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Every entry of a list, page by page. */
export async function* allOf<T>(read: (page: PageRequest) => Promise<Page<T>>): AsyncGenerator<T> {
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page: Page<T> = await read({ limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.items;
    cursor = page.next;
  }
}
