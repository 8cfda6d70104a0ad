import { Type } from 'class-transformer';
import { ArrayNotEmpty, IsInt, IsISO4217CurrencyCode, IsPositive, IsString, IsUUID, ValidateNested } from 'class-validator';

export class OrderLineDto {
  @IsString()
  sku: string;

  @IsInt()
  @IsPositive()
  quantity: number;

  /** In the smallest unit of the currency. */
  @IsInt()
  @IsPositive()
  unitPrice: number;
}

export class CreateOrderDto {
  @IsUUID()
  userId: string;

  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  @Type(() => OrderLineDto)
  items: OrderLineDto[];

  @IsISO4217CurrencyCode()
  currency: string;
}
