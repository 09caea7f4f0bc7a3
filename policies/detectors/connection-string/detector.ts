import { type Detector, type Span, spansOf } from '../detector.ts';
import { isReference } from '../key-value-secret/value.ts';

// A URL of a data store that carries credentials. The whole of it goes: host and database are not evidence here.
const STORE_URL =
  /(?:jdbc:[a-z0-9:]{1,32}:|(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|oracle|clickhouse|cockroachdb|couchbases?|neo4j(?:\+s)?|bolt|kafka|nats|ldaps?|cassandra|snowflake|redshift|memcached|influxdb|db2)(?:\+[a-z0-9]{1,16})?:)\/\/(?<user>[^\s:/?#"'`<>]{0,256}):(?<password>[^\s"'`<>]{1,512})@[^\s"'`<>]{0,1024}/dgi;
// Cut off in the password: nothing but the end of the text follows, and it is no port.
const CUT =
  /(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|clickhouse|ldaps?|nats|kafka|smtps?|s?ftps?)(?:\+[a-z0-9]{1,16})?:\/\/[^\s:/?#@"'`<>]{0,256}:(?<secret>(?![0-9]{1,5}(?:[;?]|\.{3}|…|$))[^\s"'`<>@/]{1,512}?)(?=\.{3}|…|$)/dgi;
const ORACLE_THIN = /jdbc:oracle:(?:thin|oci):(?<secret>[^\s/@"']{1,128}\/[^\s@"']{1,128})@/dgi;
const QUERY_PASSWORD = /jdbc:[^\s"'`]{1,512}[?&;](?:password|pwd|passwd)=(?<secret>[^\s"'`&;]{1,256})/dgi;

function* storeUrls(text: string): Generator<Span> {
  for (const match of text.matchAll(STORE_URL)) {
    if (!isReference(match.groups?.['password'] ?? '')) {
      yield { start: match.index, end: match.index + match[0].length };
    }
  }
}

export const detector: Detector = {
  id: 'connection-string',
  title: 'Database or broker URL with credentials',
  docs: 'https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS and the like',
  net: 'all',
  wraps: true,
  keywords: [
    'jdbc:',
    'postgres://',
    'postgresql://',
    'mysql://',
    'mariadb://',
    'mongodb://',
    'mongodb+srv://',
    'redis://',
    'rediss://',
    'amqp://',
    'amqps://',
    'ldap://',
    'ldaps://',
    'smtp://',
    'ftp://',
    'mssql',
    'sqlserver://',
    'clickhouse://',
    'nats://',
    'kafka://',
    '+psycopg',
    '+pymysql',
    '+asyncpg',
  ],
  shapes: ['user-in-url'],
  patterns: [CUT, STORE_URL, ORACLE_THIN, QUERY_PASSWORD],
  *find(text) {
    yield* storeUrls(text);
    yield* spansOf(text, CUT);
    yield* spansOf(text, ORACLE_THIN);
    yield* spansOf(text, QUERY_PASSWORD);
  },
};
