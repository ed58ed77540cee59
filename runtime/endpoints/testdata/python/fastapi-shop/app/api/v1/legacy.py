from fastapi import APIRouter

router = APIRouter()


@router.get("/legacy")
def legacy():
    return {}
