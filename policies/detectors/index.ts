import { detector as aiToken } from './ai-token/detector.ts';
import { detector as awsKey } from './aws-key/detector.ts';
import { detector as bankAccount } from './bank-account/detector.ts';
import { detector as basicAuth } from './basic-auth/detector.ts';
import { detector as bearerToken } from './bearer-token/detector.ts';
import { detector as ciToken } from './ci-token/detector.ts';
import { detector as cloudToken } from './cloud-token/detector.ts';
import { detector as commandPassword } from './command-password/detector.ts';
import { detector as configLine } from './config-line/detector.ts';
import { detector as connectionString } from './connection-string/detector.ts';
import { detector as cookie } from './cookie/detector.ts';
import { detector as credentialCall } from './credential-call/detector.ts';
import { detector as credentialsFile } from './credentials-file/detector.ts';
import { detector as cryptoWallet } from './crypto-wallet/detector.ts';
import { detector as databaseToken } from './database-token/detector.ts';
import { detector as dateOfBirth } from './date-of-birth/detector.ts';
import type { Detector } from './detector.ts';
import { detector as deviceId } from './device-id/detector.ts';
import { detector as documentNumber } from './document-number/detector.ts';
import { detector as email } from './email/detector.ts';
import { detector as geoCoordinates } from './geo-coordinates/detector.ts';
import { detector as githubToken } from './github-token/detector.ts';
import { detector as highEntropy } from './high-entropy/detector.ts';
import { detector as homeDirectory } from './home-directory/detector.ts';
import { detector as iban } from './iban/detector.ts';
import { detector as ipAddress } from './ip-address/detector.ts';
import { detector as jwt } from './jwt/detector.ts';
import { detector as keyValueSecret } from './key-value-secret/detector.ts';
import { detector as kubernetesSecret } from './kubernetes-secret/detector.ts';
import { detector as macAddress } from './mac-address/detector.ts';
import { detector as messagingToken } from './messaging-token/detector.ts';
import { detector as monitoringToken } from './monitoring-token/detector.ts';
import { detector as nationalId } from './national-id/detector.ts';
import { detector as nestedSecret } from './nested-secret/detector.ts';
import { detector as oneTimeCode } from './one-time-code/detector.ts';
import { detector as packageRegistryToken } from './package-registry-token/detector.ts';
import { detector as passwordHash } from './password-hash/detector.ts';
import { detector as paymentCard } from './payment-card/detector.ts';
import { detector as paymentToken } from './payment-token/detector.ts';
import { detector as personCarrier } from './person-carrier/detector.ts';
import { detector as personName } from './person-name/detector.ts';
import { detector as phone } from './phone/detector.ts';
import { detector as postalAddress } from './postal-address/detector.ts';
import { detector as postgresDetail } from './postgres-detail/detector.ts';
import { detector as printedSecret } from './printed-secret/detector.ts';
import { detector as privateKey } from './private-key/detector.ts';
import { detector as saasToken } from './saas-token/detector.ts';
import { detector as secondSecret } from './second-secret/detector.ts';
import { detector as seedPhrase } from './seed-phrase/detector.ts';
import { detector as signedUrl } from './signed-url/detector.ts';
import { detector as sqlLiteral } from './sql-literal/detector.ts';
import { detector as sqlStatement } from './sql-statement/detector.ts';
import { detector as toldSecret } from './told-secret/detector.ts';
import { detector as urlPassword } from './url-password/detector.ts';
import { detector as usSsn } from './us-ssn/detector.ts';
import { detector as vehicleId } from './vehicle-id/detector.ts';
import { detector as vendorSecret } from './vendor-secret/detector.ts';
import { detector as webhookUrl } from './webhook-url/detector.ts';

/** Every detector, in the order of its folder's name; a test compares the list with the folders. */
export const DETECTORS: readonly Detector[] = [
  aiToken,
  awsKey,
  bankAccount,
  basicAuth,
  bearerToken,
  ciToken,
  cloudToken,
  commandPassword,
  configLine,
  connectionString,
  cookie,
  credentialCall,
  credentialsFile,
  cryptoWallet,
  databaseToken,
  dateOfBirth,
  deviceId,
  documentNumber,
  email,
  geoCoordinates,
  githubToken,
  highEntropy,
  homeDirectory,
  iban,
  ipAddress,
  jwt,
  keyValueSecret,
  kubernetesSecret,
  macAddress,
  messagingToken,
  monitoringToken,
  nationalId,
  nestedSecret,
  oneTimeCode,
  packageRegistryToken,
  passwordHash,
  paymentCard,
  paymentToken,
  personCarrier,
  personName,
  phone,
  postalAddress,
  postgresDetail,
  printedSecret,
  privateKey,
  saasToken,
  secondSecret,
  seedPhrase,
  signedUrl,
  sqlLiteral,
  sqlStatement,
  toldSecret,
  urlPassword,
  usSsn,
  vehicleId,
  vendorSecret,
  webhookUrl,
];
