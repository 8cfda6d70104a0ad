import type { Job } from 'bull';
import sharp from 'sharp';
import type { ThumbnailJob } from '../queues/queues.js';

const WIDTHS = [160, 480, 1080];

/** Writes the same files however often it runs. */
export async function makeThumbnails(job: Job<ThumbnailJob>): Promise<void> {
  const { path } = job.data;
  for (const [done, width] of WIDTHS.entries()) {
    await sharp(path).resize({ width, withoutEnlargement: true }).webp().toFile(`${path}.${width}.webp`);
    await job.progress(((done + 1) / WIDTHS.length) * 100);
  }
}
