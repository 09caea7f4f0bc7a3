import { detector as awsKey } from './aws-key/detector.ts';
import { detector as basicAuth } from './basic-auth/detector.ts';
import { detector as bearerToken } from './bearer-token/detector.ts';
import { detector as connectionString } from './connection-string/detector.ts';
import { detector as cookie } from './cookie/detector.ts';
import type { Detector } from './detector.ts';
import { detector as email } from './email/detector.ts';
import { detector as githubToken } from './github-token/detector.ts';
import { detector as highEntropy } from './high-entropy/detector.ts';
import { detector as homeDirectory } from './home-directory/detector.ts';
import { detector as iban } from './iban/detector.ts';
import { detector as ipAddress } from './ip-address/detector.ts';
import { detector as jwt } from './jwt/detector.ts';
import { detector as keyValueSecret } from './key-value-secret/detector.ts';
import { detector as passwordHash } from './password-hash/detector.ts';
import { detector as paymentCard } from './payment-card/detector.ts';
import { detector as personCarrier } from './person-carrier/detector.ts';
import { detector as phone } from './phone/detector.ts';
import { detector as postgresDetail } from './postgres-detail/detector.ts';
import { detector as privateKey } from './private-key/detector.ts';
import { detector as saasToken } from './saas-token/detector.ts';
import { detector as signedUrl } from './signed-url/detector.ts';
import { detector as sqlLiteral } from './sql-literal/detector.ts';
import { detector as sqlStatement } from './sql-statement/detector.ts';
import { detector as urlPassword } from './url-password/detector.ts';
import { detector as usSsn } from './us-ssn/detector.ts';
import { detector as webhookUrl } from './webhook-url/detector.ts';

/** Every detector, in the order of its folder's name; a test compares the list with the folders. */
export const DETECTORS: readonly Detector[] = [
  awsKey,
  basicAuth,
  bearerToken,
  connectionString,
  cookie,
  email,
  githubToken,
  highEntropy,
  homeDirectory,
  iban,
  ipAddress,
  jwt,
  keyValueSecret,
  passwordHash,
  paymentCard,
  personCarrier,
  phone,
  postgresDetail,
  privateKey,
  saasToken,
  signedUrl,
  sqlLiteral,
  sqlStatement,
  urlPassword,
  usSsn,
  webhookUrl,
];
