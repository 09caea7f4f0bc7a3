import type { LogFields, Logger } from '../deps.ts';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

export interface RecordingLogger extends Logger {
  readonly lines: readonly LogLine[];
}

/** Keeps what was logged, so that a test can look for what must not be there. */
export function recordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  function at(level: LogLine['level']): Logger['info'] {
    return (message, fields = {}) => {
      lines.push({ level, message, fields });
    };
  }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
