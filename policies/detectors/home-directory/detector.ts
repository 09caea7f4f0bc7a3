import { type Detector, spansOf } from '../detector.ts';

// The name of the account is mostly the name of a person. Also with the yen or won sign for a backslash.
const PATH =
  /(?:\/(?:home|Users|export\/home)\/|[\\¥₩]{1,4}(?:Users|Documents and Settings)[\\¥₩]{1,4})(?<secret>[^\s/\\¥₩:;,"'`<>|)\]}]{1,64})/dg;
const SHARED =
  /^(?:shared|public|default|all users|runner|root|app|node|vscode|ubuntu|ec2-user|user|me|jenkins|circleci|gitlab-runner|git|airflow|postgres|spark|hadoop|jovyan|nonroot|appuser|www-data|vagrant|codespace|builder|build|ci|deploy|debian|centos|azureuser)$/i;

export const detector: Detector = {
  id: 'home-directory',
  title: 'Account name in the path of a home directory',
  docs: 'Filesystem Hierarchy Standard 3.0 section 3.8; %USERPROFILE% on Windows; /Users on macOS',
  net: 'text',
  wraps: true,
  keywords: ['/home/', '/users/', 'users', 'documents and settings'],
  shapes: [],
  patterns: [PATH, SHARED],
  *find(text) {
    for (const span of spansOf(text, PATH)) {
      if (!SHARED.test(text.slice(span.start, span.end))) yield span;
    }
  },
};
