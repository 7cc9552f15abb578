'use client'

export { RoomError as default } from '../../frame/room-error'
