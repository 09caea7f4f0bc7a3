/**
 * Ordinary text as logs, events, statements and messages have it. Nothing is recognised by it: it only tells which
 * three characters in a row are rare, so that a keyword is looked for by those of it that ordinary text has least.
 */
export const ORDINARY: readonly string[] = [
  '2026-11-20T10:15:30.123Z INFO [checkout] request completed method=GET path=/api/v2/orders/4711 status=200 duration_ms=12.345 trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7',
  '{"level":"warn","ts":"2026-11-20T10:15:30.001Z","caller":"pool/pool.go:118","msg":"slow query","database":"orders","duration_ms":1830.2,"logger":"controller","error":"context deadline exceeded"}',
  'I1120 10:15:30.123456       1 controller.go:217] "Reconciled" controller="deployment" namespace="shop" name="cart-6c9f7d5b8-x2x7k" reconcileID="2f1c4d1e-6a7b-4c8d-9e0f-1a2b3c4d5e6f"',
  'E1120 10:15:30.123456       1 reflector.go:138] k8s.io/client-go/informers/factory.go:134: Failed to watch *v1.Pod: the server was unable to return a response in the time allotted',
  'Successfully assigned shop/cart-6c9f7d5b8-x2x7k to node-3; Pulling image "registry.example.org/shop/cart:1.24.3"; Container image already present on machine; Started container cart; Created container',
  'Back-off restarting failed container; Readiness probe failed: HTTP probe failed with statuscode: 503; Liveness probe failed: Get "http://10.1.2.3:8080/healthz": dial tcp: connection refused; Killing',
  '0/12 nodes are available: 3 Insufficient cpu, 4 node(s) had untolerated taint {node.kubernetes.io/not-ready: }. preemption: 0/12 nodes are available: No preemption victims found for incoming pod.',
  'MountVolume.SetUp failed for volume "config": configmap "cart-config" not found; FailedScheduling; Scaled up replica set search-5d4c8b7f96 from 2 to 4; Deployment has minimum availability',
  '10.0.0.1 - - [20/Nov/2026:10:15:30 +0000] "POST /v1/items?page=2&limit=50 HTTP/1.1" 201 512 "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"',
  'upstream timed out (110: Connection timed out) while reading response header from upstream, client: 10.0.0.1, server: _, request: "GET / HTTP/1.1", upstream: "http://10.0.0.2:8080/", host: "shop"',
  'java.lang.IllegalStateException: connection pool is closed\n\tat com.example.shop.order.OrderService.reserve(OrderService.java:118)\n\tat com.example.http.HttpPool.send(HttpPool.java:64)\n\tat java.base/java.lang.Thread.run(Thread.java:1583)\nCaused by: java.net.SocketTimeoutException: Read timed out\n\t... 24 more',
  'Traceback (most recent call last):\n  File "/app/worker/tasks.py", line 214, in handle\n    result = client.submit(batch, timeout=30)\n  File "/usr/lib/python3.13/site-packages/requests/sessions.py", line 703, in send\nConnectionError: HTTPSConnectionPool(host=shop, port=443): Max retries exceeded with url: /v1/batches',
  'panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x4a2f3c]\ngoroutine 42 [running]:\nmain.(*Server).handle(0xc000123456, {0x7f3c, 0x20})\n\t/src/server.go:87 +0x1a4',
  'TypeError: Cannot read properties of undefined (reading "length")\n    at Object.parse (/app/dist/index.js:42:17)\n    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)\n    at async Promise.all (index 0)',
  'ERROR:  duplicate key value violates unique constraint "orders_pkey"; canceling statement due to statement timeout; deadlock detected; could not serialize access due to concurrent update; relation does not exist',
  'checkpoint complete: wrote 1234 buffers (7.5%); 0 WAL file(s) added, 0 removed, 3 recycled; write=26.9 s, sync=0.012 s, total=27.0 s; automatic vacuum of table "shop.public.orders": index scans: 1, pages: 0 removed, 9668 remain',
  'SELECT customer_id, total_cents, created_at FROM orders JOIN order_lines USING (order_id) WHERE status = $1 AND region = $2 ORDER BY created_at DESC LIMIT 100 FOR UPDATE; UPDATE items SET quantity = quantity - 1, updated_at = now() WHERE id = $1',
  'INSERT INTO payments (order_id, amount, currency) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id; DELETE FROM sessions WHERE expires_at < now(); ALTER TABLE shipments ADD COLUMN carrier text NOT NULL DEFAULT',
  'Merge pull request #1234 from shop/fix-retry-timeout: raise the readiness probe of search; the index was rebuilt, which takes longer than the probe waits. See 8dd32a9e9c. Fixes #5187. Co-reviewed and tested on staging first.',
  'Deploy catalog 1.23.8 (b56858e9d0b0) to production; previous 1.23.7. Rolled out 4 of 18 pods, error budget 79.4 %. p99 rose from 174 ms to 362 ms after the release; rolled back at 11:42 by the release manager.',
  'Bump version from 4.17.20 to 4.17.21, update dependencies and the lock file; remove unused imports; document the configuration of the cache; handle errors when the connection is lost; add tests for the parser; refactor',
  'kernel: Out of memory: Killed process 24811 (java) total-vm:8123456kB, anon-rss:2097152kB, file-rss:0kB, shmem-rss:0kB; systemd[1]: Started Session 42 of User root; sshd: Received disconnect from 10.0.0.9 port 51234: disconnected by user',
  'Warning: the certificate expires in 14 days; the disk is 91% full (45.2 GiB of 50 GiB); replication lag is 12.5 seconds; consumer group orders-indexer is behind by 120394 messages on partition 7; leader election lost; retrying in 5s',
  'Terraform will perform the following actions: module.network.aws_subnet.private[0] will be updated in-place; Plan: 1 to add, 2 to change, 0 to destroy. Apply complete! Resources: 1 added. Error: creating resource: ResourceNotFoundException',
  'Run actions/checkout@v5; Setup Node 24; npm ci; added 363 packages in 22s; vitest run: 118 passed, 2 skipped; coverage 91.4 %; build finished in 48.2s; uploading artifact dist.tgz (2.3 MB); Process completed with exit code 1.',
  'http_requests_total{method="post",code="200",handler="/api/orders",instance="10.0.0.5:9090",job="shop"} 1027 1395066363000; process_resident_memory_bytes 183500800; go_goroutines 57; histogram_bucket{le="0.5"} 129389',
  'apiVersion: apps/v1 kind: Deployment metadata: name: cart namespace: shop labels: app.kubernetes.io/name: cart spec: replicas: 3 strategy: rollingUpdate: maxSurge: 25% template: containers: resources: limits: cpu: 500m memory: 256Mi',
  'The service account lost its permissions after the migration; please rotate the credentials and check the audit log before you restart the workers. We are investigating elevated error rates in the payment gateway since this morning.',
];
