from fastapi import APIRouter

router = APIRouter(prefix="/dead")


@router.get("/never")
def never():
    return {}
