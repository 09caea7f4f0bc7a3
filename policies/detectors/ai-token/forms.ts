import type { TokenForm } from '../prefixed-token.ts';
import {
  DIGITS,
  form,
  forms,
  HEX,
  LOWER,
  type MarkedForm,
  MIXED,
  URL_SAFE,
  UUID,
  WORD,
} from '../token-forms.ts';

const EXACT = { boundary: true, exact: true } as const;

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
  forms('Browserbase', ['bb_live_', 'bb_test_'], URL_SAFE, 20, 60),
  form('OpenAI', 'sk-None-', URL_SAFE, 20, 200),
  form('Cartesia', 'sk_car_', WORD, 20, 40, { boundary: true }),
  forms('Composio', ['ak_', 'ck_'], `${WORD}_-`, 20, 24, { ...EXACT, cut: false, lead: MIXED }),
  forms('Composio', ['ak_', 'ck_'], HEX, 20, 20, { ...EXACT, cut: false, lead: DIGITS }),
  form('Cursor', 'key_', HEX, 64, 64, EXACT),
  form('RunPod', 'rpa_', WORD, 30, 60, { boundary: true }),
  form('Brave Search', 'BSA', URL_SAFE, 28, 28, { ...EXACT, cut: false, lead: MIXED }),
  form('Daytona', 'dtn_', HEX, 64, 64, EXACT),
  form('Humanloop', 'hl_sk_', WORD, 40, 60, { boundary: true }),
  form('Letta', 'sk-let-', URL_SAFE, 40, 120),
  form('Turbopuffer', 'tpuf_', WORD, 24, 60, { boundary: true }),
  form('Parallel', 'plx_', WORD, 30, 60, { boundary: true, cut: false, lead: MIXED }),
  form('Hyperbrowser', 'hb_', HEX, 30, 64, { ...EXACT, cut: false }),
  form('Dify', 'app-', WORD, 24, 24, { ...EXACT, cut: false, lead: MIXED }),
  form('Dify', 'dataset-', WORD, 24, 24, { ...EXACT, cut: false, lead: MIXED }),
  form('Kaggle', 'KGAT_', HEX, 32, 64, { boundary: true }),
  form('Anyscale', 'aph0_', URL_SAFE, 40, 120, { boundary: true }),
  form('Friendli', 'flp_', WORD, 40, 60, { boundary: true }),
  form('Modal', 'ak-', WORD, 22, 22, { boundary: true, exact: true, cut: false }),
  form('Modal', 'as-', WORD, 22, 22, { boundary: true, exact: true, cut: false }),
  form('Google Vertex AI express', 'AQ.', URL_SAFE, 40, 80, { boundary: true, cut: false, lead: /^Ab/ }),
].flat();

export const MARKED: readonly MarkedForm[] = [
  // base64 of "OpenAI" in the middle of every key since 2020
  { issuer: 'OpenAI', mark: 'T3BlbkFJ', body: URL_SAFE, before: [10, 100], after: [10, 100] },
];
