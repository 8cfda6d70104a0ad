import { createApp } from './app.js';
import { config } from './config.js';
import { pool } from './db/pool.js';
import { reports, thumbnails } from './queues/queues.js';

const server = createApp().listen(config.port, () => console.log(`listening on ${config.port}`));

process.once('SIGTERM', () => {
  server.close(() => {
    void Promise.all([reports.close(), thumbnails.close(), pool.end()]);
  });
});
