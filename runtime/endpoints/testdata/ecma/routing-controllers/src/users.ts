import { Body, Delete, Get, JsonController, Param, Post, QueryParam } from 'routing-controllers';
class NewUser { name: string; }
@JsonController('/users')
export class UserController {
  @Get() all(@QueryParam('page') page: number) { return []; }
  @Get('/:id') one(@Param('id') id: number) { return { id }; }
  @Post() create(@Body() user: NewUser) { return user; }
  @Delete('/:id') remove(@Param('id') id: number) { return { id }; }
}
@JsonController('/hidden')
export class HiddenController { @Get() never() { return []; } }
