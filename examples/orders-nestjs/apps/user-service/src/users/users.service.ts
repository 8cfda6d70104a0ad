import { Topics, UserCreated, UserPayload, UserUpdated } from '@app/events';
import { KafkaService } from '@app/kafka';
import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { CreateUserDto } from './dto/create-user.dto';
import { UpdateUserDto } from './dto/update-user.dto';
import { User } from './user.entity';

@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly kafka: KafkaService,
  ) {}

  async get(id: string): Promise<User> {
    const user = await this.users.findOneBy({ id });
    if (!user) {
      throw new NotFoundException(`user ${id} does not exist`);
    }
    return user;
  }

  async create(dto: CreateUserDto): Promise<User> {
    const user = await this.users.save(this.users.create(dto));
    await this.kafka.publish<UserCreated>(Topics.UserEvents, user.id, {
      type: 'UserCreated',
      occurredAt: user.createdAt.toISOString(),
      payload: toPayload(user),
    });
    return user;
  }

  async update(id: string, dto: UpdateUserDto): Promise<User> {
    const user = await this.users.save(this.users.merge(await this.get(id), dto));
    await this.kafka.publish<UserUpdated>(Topics.UserEvents, user.id, {
      type: 'UserUpdated',
      occurredAt: user.updatedAt.toISOString(),
      payload: toPayload(user),
    });
    return user;
  }
}

function toPayload(user: User): UserPayload {
  return { userId: user.id, email: user.email, name: user.name, locale: user.locale };
}
