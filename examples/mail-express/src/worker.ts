import { pool } from './db/pool.js';
import { makeThumbnails } from './jobs/thumbnail.js';
import { exportReport } from './jobs/report.js';
import { reports, thumbnails } from './queues/queues.js';

void thumbnails.process(2, makeThumbnails);
void reports.process(exportReport);

for (const queue of [thumbnails, reports]) {
  queue.on('failed', (job, error) => {
    console.error(`${queue.name} job ${job.id} failed, attempt ${job.attemptsMade}`, error);
  });
}

process.once('SIGTERM', () => {
  void Promise.all([reports.close(), thumbnails.close()]).then(() => pool.end());
});
