const env = process.env;

export const config = {
  port: Number(env.PORT ?? 3000),
  appUrl: env.APP_URL ?? 'http://localhost:3000',
  databaseUrl: env.DATABASE_URL ?? 'postgres://app:app@localhost:5432/app',
  redisUrl: env.REDIS_URL ?? 'redis://localhost:6379',
  uploadDir: env.UPLOAD_DIR ?? './uploads',
  smtpUrl: env.SMTP_URL ?? 'smtp://localhost:1025',
  mailFrom: env.MAIL_FROM ?? 'Acme <hello@acme.example>',
};
