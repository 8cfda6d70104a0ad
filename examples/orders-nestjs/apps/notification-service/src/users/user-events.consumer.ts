import { Topics, UserEvent, UserPayload } from '@app/events';
import { KafkaService } from '@app/kafka';
import { Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { MailService } from '../mail/mail.service';
import { welcomeMail } from './welcome-mail';

/** Greets new users by mail. */
@Injectable()
export class UserEventsConsumer implements OnApplicationBootstrap {
  private readonly logger = new Logger(UserEventsConsumer.name);

  constructor(
    private readonly kafka: KafkaService,
    private readonly mail: MailService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.kafka.subscribe<UserEvent>(Topics.UserEvents, 'notification-service-group', (event) =>
      this.handle(event),
    );
  }

  private async handle(event: UserEvent): Promise<void> {
    switch (event.type) {
      case 'UserCreated':
        return this.onUserCreated(event.payload);
      default:
        this.logger.debug(`${event.type} needs no notification`);
    }
  }

  private async onUserCreated(user: UserPayload): Promise<void> {
    await this.mail.send(welcomeMail(user));
    this.logger.log(`welcomed user ${user.userId}`);
  }
}
