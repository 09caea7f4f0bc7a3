import type { Config } from '../beta/config.ts';

export type Planted = Config;
