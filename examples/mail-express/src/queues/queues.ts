import Queue from 'bull';
import { config } from '../config.js';

export interface ThumbnailJob {
  imageId: string;
  path: string;
}

export interface ReportJob {
  reportId: string;
  month: string;
}

const defaultJobOptions: Queue.JobOptions = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1000 },
  removeOnComplete: true,
};

export const thumbnails = new Queue<ThumbnailJob>('thumbnails', config.redisUrl, { defaultJobOptions });
export const reports = new Queue<ReportJob>('report-export', config.redisUrl, { defaultJobOptions });
