import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
export class ListCats {
  page?: number;
  breed: string;
}
export class CreateCat {
  @ApiProperty({ example: 'Tom', description: 'what it is called' })
  name: string;
  @ApiPropertyOptional({ minimum: 0 })
  age: number;
  tags?: string[];
}
