import { Body, Controller, Get, NotFoundException, Param, ParseIntPipe, Post } from '@nestjs/common';

import { Cat, CatsService } from './cats.service';

@Controller()
export class CatsController {
  constructor(private readonly cats: CatsService) {}

  @Get()
  home() {
    return { hello: 'nest', cats: '/cats' };
  }

  @Get('cats')
  list(): Cat[] {
    return this.cats.all();
  }

  @Get('cats/:id')
  read(@Param('id', ParseIntPipe) id: number): Cat {
    const cat = this.cats.find(id);
    if (!cat) throw new NotFoundException();
    return cat;
  }

  @Post('cats')
  add(@Body('name') name: string): Cat {
    return this.cats.add(name);
  }
}
