/** Writes openapi.golden.json from the routes. Look at the difference before it is committed. */
import { writeFileSync } from 'node:fs';
import { ApiFixture } from './api-fixture.ts';

const api = await ApiFixture.open();
const document = await api.get('/openapi.json');
writeFileSync(new URL('../openapi.golden.json', import.meta.url), `${JSON.stringify(document, null, 2)}\n`);
await api.close();
