/** Disks that are hardware, or stand for it in a virtual machine; their partitions carry a suffix. */
const disk = /^(?:nvme\d+n\d+|mmcblk\d+|(?:sd|hd|vd|xvd)[a-z]+)/

/** The whole disk that a block device is a part of: sda for sda2, undefined for loop0, zram0 or dm-0. */
export const wholeDisk = (device: string): string | undefined => disk.exec(device)?.[0]

/** mmcblk0boot0 and mmcblk0rpmb are areas beside the data of an eMMC, not disks of their own. */
export const isWholeDisk = (device: string) => wholeDisk(device) === device
