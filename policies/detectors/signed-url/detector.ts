import { type Detector, spansOf } from '../detector.ts';

const SIGNATURE =
  /[?&;](?:X-Amz-(?:Signature|Credential|Security-Token)|X-Goog-(?:Signature|Credential)|Signature|sig|sv_sig|hmac|hdnea|Policy|Key-Pair-Id|code|state|sas|SAMLResponse|SAMLRequest|assertion|ticket|jwt|session(?:_?id)?|client_secret|password|passwd|access_token|id_token|refresh_token|auth|apikey|api_key|key|token|secret)=(?<secret>[^\s&"'<>#;]{8,4096})/dgi;

/** Pre-authenticated requests of Oracle Object Storage have theirs in the path. */
const IN_PATH = /oraclecloud\.com\/p\/(?<secret>[A-Za-z0-9_-]{16,128})(?=\/|$)/dg;

export const detector: Detector = {
  id: 'signed-url',
  title: 'Signature or credential in the query of a URL',
  docs: 'AWS Signature Version 4 query parameters; Azure shared access signatures; RFC 6750 section 2.3; RFC 6749 section 4.1.2',
  net: 'all',
  wraps: true,
  keywords: [
    'signature=',
    'credential=',
    'token=',
    'sig=',
    'hmac=',
    'hdnea=',
    'policy=',
    'key-pair-id=',
    'code=',
    'state=',
    'sas=',
    'auth=',
    'key=',
    'secret=',
    'samlresponse=',
    'samlrequest=',
    'assertion=',
    'ticket=',
    'jwt=',
    'session=',
    'sessionid=',
    'session_id=',
    'password=',
    'passwd=',
    'oraclecloud.com/p/',
  ],
  shapes: [],
  patterns: [SIGNATURE, IN_PATH],
  find: (text) =>
    text.includes('/p/')
      ? [...spansOf(text, SIGNATURE), ...spansOf(text, IN_PATH)]
      : spansOf(text, SIGNATURE),
};
