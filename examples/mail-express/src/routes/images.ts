import express, { Router } from 'express';
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { config } from '../config.js';
import { insertImage } from '../db/images.js';
import { thumbnails } from '../queues/queues.js';
import { asyncHandler } from './async-handler.js';

export const images = Router();

images.post(
  '/images',
  express.raw({ type: 'image/*', limit: '10mb' }),
  asyncHandler(async (req, res) => {
    const imageId = randomUUID();
    const path = join(config.uploadDir, imageId);
    await mkdir(config.uploadDir, { recursive: true });
    await writeFile(path, req.body as Buffer);
    await insertImage(imageId, path);
    await thumbnails.add({ imageId, path }, { jobId: imageId });
    res.status(202).json({ imageId });
  }),
);
