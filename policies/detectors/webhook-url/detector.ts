import { type Detector, spansOfAll } from '../detector.ts';

const PATTERNS = [
  /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[A-Za-z0-9/+_-]{8,256})/dg,
  /discord(?:app)?\.com\/api\/(?:v[0-9]{1,2}\/)?webhooks\/(?<secret>[0-9]{1,24}\/[A-Za-z0-9_-]{16,128})/dg,
  /(?:webhook\.office\.com|outlook\.office\.com)\/webhook(?:b2)?\/(?<secret>[A-Za-z0-9@/_-]{16,512})/dg,
  /hooks\.zapier\.com\/hooks\/catch\/(?<secret>[A-Za-z0-9/]{6,128})/dg,
  /api\.telegram\.org\/(?:file\/)?bot(?<secret>[0-9]{1,16}:[A-Za-z0-9_-]{8,64})/dg,
  /events\.pagerduty\.com\/integration\/(?<secret>[A-Za-z0-9]{16,64})/dg,
  /chat\.googleapis\.com\/v1\/spaces\/(?<secret>[^\s"'<>]{8,512})/dg,
];

export const detector: Detector = {
  id: 'webhook-url',
  title: 'Incoming webhook, whose URL is the credential',
  docs: 'https://api.slack.com/messaging/webhooks and the other services’ pages on webhooks',
  net: 'all',
  keywords: [
    'hooks.slack',
    'discord',
    'office.com',
    'hooks.zapier',
    'api.telegram',
    'events.pagerduty',
    'chat.googleapis',
  ],
  shapes: [],
  patterns: PATTERNS,
  find: (text) => spansOfAll(text, PATTERNS),
};
