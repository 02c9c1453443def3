namespace UdsBroker.Protocol;

/// <summary>
/// Reads for frames that were scanned and are whole, so that "need more" cannot occur: an absent element is a missing one. After false,
/// <see cref="Violation"/> has the reason.
/// </summary>
internal ref partial struct ElementCursor
{
    /// <summary>Reads a number of 32 bits: a sid, a version, a count of frames.</summary>
    public bool TryReadUInt32(out uint value)
    {
        bool isRead = ReadUnsigned(uint.MaxValue, out ulong wide) == ScanResult.Done;
        value = (uint)wide;
        return isRead;
    }

    /// <summary>Reads a number of 64 bits.</summary>
    public bool TryReadUInt64(out ulong value) => ReadUnsigned(ulong.MaxValue, out value) == ScanResult.Done;

    /// <summary>Reads a number of 64 bits or nil.</summary>
    public bool TryReadUInt64OrNil(out ulong? value)
    {
        value = null;
        if (TryReadNil())
            return true;
        bool isRead = TryReadUInt64(out ulong number);
        value = number;
        return isRead;
    }

    /// <summary>Reads a str of valid UTF-8.</summary>
    public bool TryReadUtf8(out ReadOnlySpan<byte> utf8) =>
        ReadStr(0, int.MaxValue, Violation.ControlFrameTooBig, out utf8) == ScanResult.Done;

    /// <summary>Reads an identity: a bin of exactly 16 bytes, big-endian.</summary>
    public bool TryReadId(out Guid id)
    {
        id = default;
        if (ReadBinHeader(out uint length) != ScanResult.Done)
            return false;
        if (length != 16)
        {
            Refuse(Violation.OutOfRange);
            return false;
        }

        if (Take(length, out ReadOnlySpan<byte> bytes) != ScanResult.Done)
            return false;
        id = new Guid(bytes, bigEndian: true);
        return true;
    }
}
