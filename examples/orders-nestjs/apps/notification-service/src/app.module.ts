import { KafkaModule } from '@app/kafka';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { MailModule } from './mail/mail.module';
import { UserEventsConsumer } from './users/user-events.consumer';

@Module({
  imports: [ConfigModule.forRoot({ isGlobal: true }), KafkaModule.forRoot('notification-service'), MailModule],
  providers: [UserEventsConsumer],
})
export class AppModule {}
