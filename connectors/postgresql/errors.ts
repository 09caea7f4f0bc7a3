import { ConnectorError, type ErrorCode } from '../sdk/index.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** SQLSTATEs (PostgreSQL manual, appendix A) and classes of them, the longest match first. */
const SQLSTATES: Readonly<Record<string, Meaning>> = {
  '28': {
    code: 'AUTH',
    message: 'the server refused the login',
    hint: 'Check role and password of the DSN, and pg_hba.conf of the server.',
  },
  '3D000': {
    code: 'CONFIG',
    message: 'the database of the DSN does not exist',
    hint: 'Correct the database name in the DSN.',
  },
  '42501': {
    code: 'PRIVILEGE',
    message: 'the role may not read this',
    hint: 'Run privileges/grants.sql of this connector as an administrator.',
  },
  '53300': {
    code: 'UNREACHABLE',
    message: 'the server has no connection left for us',
    hint:
      'On PostgreSQL 16 or later set reserved_connections and GRANT pg_use_reserved_connections to the role, so that ' +
      'it gets in during an incident.',
  },
  '53': {
    // Not UNREACHABLE: the session that saw it is still there, and on such a day the last thing to give up.
    code: 'BAD_RESPONSE',
    message: 'the server ran out of a resource',
    hint: 'Look at memory and disk of the server.',
  },
  '55P03': {
    code: 'TIMEOUT',
    message: 'a lock was not to be had within lock_timeout',
    hint: 'Somebody holds a strong lock on a system catalog; the read is tried again.',
  },
  '57014': {
    code: 'TIMEOUT',
    message: 'the server ended the read at statement_timeout',
    hint: 'Raise statementTimeout, or leave this read to quieter hours.',
  },
  '57': {
    code: 'UNREACHABLE',
    message: 'the server is starting, stopping or has ended the session',
    hint: 'The read is tried again when the server accepts connections.',
  },
  '25P': {
    code: 'TIMEOUT',
    message: 'the server ended an idle session',
    hint: 'The next read opens a new one.',
  },
  '25P02': {
    code: 'INTERNAL',
    message: 'the transaction had failed already',
    hint: 'Report this as a defect of the connector.',
  },
  '08': {
    code: 'UNREACHABLE',
    message: 'the connection broke',
    hint: 'Check the network between agent and server; the read is tried again.',
  },
  '55000': {
    code: 'UNSUPPORTED',
    message: 'the server is not set up for this',
    hint: 'Add pg_stat_statements to shared_preload_libraries and restart the server.',
  },
  '0A': {
    code: 'UNSUPPORTED',
    message: 'the server does not support this',
    hint: 'Use PostgreSQL 14 or later.',
  },
  '42': {
    code: 'DRIFT',
    message: 'the catalog of this server is not as expected',
    hint: 'Use PostgreSQL 14 to 18; on a fork of it, disable this read in the policy.',
  },
  XX: { code: 'BAD_RESPONSE', message: 'the server reported an internal error', hint: 'Look at its log.' },
};

const UNREACHABLE: Meaning = {
  code: 'UNREACHABLE',
  message: 'the server can not be reached',
  hint: 'Check host and port of the DSN, name resolution and network policy.',
};

/** Node.js system error codes of sockets and name lookup. */
const SOCKET_CODES =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENOTFOUND|EAI_\w+|ENOENT|EACCES)$/;
const TLS_CODES = /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/;
const TLS_WORDS = /\bSSL\b/;

/** Translates what `pg` throws. The server's own words stay in `cause`: they may quote rows and queries. */
export function toConnectorError(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const { code, message, hint } = meaningOf(error);
  return new ConnectorError(code, message, { hint, cause: error });
}

function meaningOf(error: unknown): Meaning {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const words = error instanceof Error ? error.message : '';
  if (SOCKET_CODES.test(code)) return UNREACHABLE;
  if (TLS_CODES.test(code) || (code === '' && TLS_WORDS.test(words))) {
    return {
      code: 'CONFIG',
      message: 'no TLS connection that can be trusted came about',
      hint: 'Set caFile to the authority that signed the server certificate, or choose another ssl mode.',
    };
  }
  if (/^[0-9A-Z]{5}$/.test(code)) return bySqlState(code);
  if (words.startsWith('Connection terminated'))
    return { ...UNREACHABLE, message: 'the server closed the connection' };
  if (/^SASL|SCRAM/.test(words)) return SQLSTATES['28'] ?? UNREACHABLE;
  return {
    code: 'INTERNAL',
    message: 'the database client failed',
    hint: 'Report this as a defect of the connector.',
  };
}

function bySqlState(state: string): Meaning {
  for (const length of [5, 3, 2]) {
    const meaning = SQLSTATES[state.slice(0, length)];
    if (meaning !== undefined) return meaning;
  }
  return {
    code: 'BAD_RESPONSE',
    message: `the server answered with SQLSTATE ${state}`,
    hint: 'Look up the code in appendix A of the PostgreSQL manual.',
  };
}
