import type { TokenForm } from '../prefixed-token.ts';
import { form, forms, HEX, LOWER, type MarkedForm, URL_SAFE, UUID, WORD } from '../token-forms.ts';

/** Further forms than those of `saas-token`. */
export const FORMS: readonly TokenForm[] = [
  form('OpenAI', 'sess-', WORD, 40, 40, { boundary: true }),
  form('OpenRouter', 'sk-or-v1-', HEX, 40, 80),
  form('DeepSeek', 'sk-', HEX, 32, 32, { boundary: true, exact: true }),
  form('Langfuse', 'sk-lf-', UUID, 36, 36),
  forms('LangSmith', ['lsv2_pt_', 'lsv2_sk_'], `${HEX}_`, 32, 80),
  form('LangSmith', 'ls__', HEX, 32, 40, { boundary: true }),
  form('Fireworks', 'fw_', WORD, 20, 40, { boundary: true, exact: true, cut: false }),
  form('Cerebras', 'csk-', LOWER, 40, 60, { boundary: true }),
  form('Tavily', 'tvly-', URL_SAFE, 20, 60),
  form('Firecrawl', 'fc-', HEX, 32, 32, { boundary: true, exact: true }),
  form('Jina', 'jina_', URL_SAFE, 40, 80),
  form('Voyage', 'pa-', URL_SAFE, 40, 60, { boundary: true, cut: false }),
  form('ElevenLabs', 'sk_', HEX, 48, 48, { boundary: true, exact: true }),
  form('Stability', 'sk-', WORD, 48, 51, { boundary: true }),
  form('NVIDIA', 'nvapi-', URL_SAFE, 50, 80),
  form('Together', 'tgp_v1_', URL_SAFE, 30, 60),
  form('Weights & Biases', 'wandb_v1_', URL_SAFE, 40, 100),
  form('Pinecone', 'pcsk_', URL_SAFE, 40, 120),
  form('LlamaCloud', 'llx-', WORD, 40, 60, { boundary: true }),
  form('E2B', 'e2b_', HEX, 40, 40),
  form('Cursor', 'crsr_', HEX, 40, 80),
  form('Mem0', 'm0-', WORD, 30, 60, { boundary: true, cut: false }),
  form('Helicone', 'sk-helicone-', URL_SAFE, 20, 60),
  form('Browserbase', 'bb_live_', URL_SAFE, 20, 60),
  form('Modal', 'ak-', WORD, 22, 22, { boundary: true, exact: true, cut: false }),
  form('Modal', 'as-', WORD, 22, 22, { boundary: true, exact: true, cut: false }),
  form('Google Vertex AI express', 'AQ.', URL_SAFE, 40, 80, { boundary: true, cut: false, lead: /^Ab/ }),
].flat();

export const MARKED: readonly MarkedForm[] = [
  // base64 of "OpenAI" in the middle of every key since 2020
  { issuer: 'OpenAI', mark: 'T3BlbkFJ', body: URL_SAFE, before: [10, 100], after: [10, 100] },
];
