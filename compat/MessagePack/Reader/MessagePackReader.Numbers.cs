using static MessagePack.MessagePackPrimitives;

namespace MessagePack;

/// <content>
/// Numbers, booleans and timestamps. A number in any encoding is accepted for any type, as long as it fits; if it does not, that is an
/// <see cref="OverflowException"/>.
/// </content>
public ref partial struct MessagePackReader
{
    /// <summary>Reads true or false.</summary>
    public bool ReadBoolean()
    {
        EndUnless(_reader.TryRead(out var code));
        return code switch
        {
            MessagePackCode.True => true,
            MessagePackCode.False => false,
            _ => throw Unexpected(code),
        };
    }

    /// <summary>Reads an integer and takes it as a UTF-16 code unit.</summary>
    public char ReadChar() => (char)ReadUInt16();

    /// <summary>Reads an integer.</summary>
    public byte ReadByte()
    {
        if (TryReadByte(_reader.UnreadSpan, out var value, out var tokenSize) != DecodeResult.Success)
            return ReadAcross<byte>(TryReadByte);
        _reader.Advance(tokenSize);
        return value;
    }

    /// <summary>Reads an integer.</summary>
    public ushort ReadUInt16()
    {
        if (TryReadUInt16(_reader.UnreadSpan, out var value, out var tokenSize) != DecodeResult.Success)
            return ReadAcross<ushort>(TryReadUInt16);
        _reader.Advance(tokenSize);
        return value;
    }

    /// <summary>Reads an integer.</summary>
    public uint ReadUInt32()
    {
        if (TryReadUInt32(_reader.UnreadSpan, out var value, out var tokenSize) != DecodeResult.Success)
            return ReadAcross<uint>(TryReadUInt32);
        _reader.Advance(tokenSize);
        return value;
    }

    /// <summary>Reads an integer.</summary>
    public ulong ReadUInt64()
    {
        if (TryReadUInt64(_reader.UnreadSpan, out var value, out var tokenSize) != DecodeResult.Success)
            return ReadAcross<ulong>(TryReadUInt64);
        _reader.Advance(tokenSize);
        return value;
    }

    /// <summary>Reads an integer.</summary>
    public sbyte ReadSByte()
    {
        if (TryReadSByte(_reader.UnreadSpan, out var value, out var tokenSize) != DecodeResult.Success)
            return ReadAcross<sbyte>(TryReadSByte);
        _reader.Advance(tokenSize);
        return value;
    }

    /// <summary>Reads an integer.</summary>
    public short ReadInt16()
    {
        if (TryReadInt16(_reader.UnreadSpan, out var value, out var tokenSize) != DecodeResult.Success)
            return ReadAcross<short>(TryReadInt16);
        _reader.Advance(tokenSize);
        return value;
    }

    /// <summary>Reads an integer.</summary>
    public int ReadInt32()
    {
        if (TryReadInt32(_reader.UnreadSpan, out var value, out var tokenSize) != DecodeResult.Success)
            return ReadAcross<int>(TryReadInt32);
        _reader.Advance(tokenSize);
        return value;
    }

    /// <summary>Reads an integer.</summary>
    public long ReadInt64()
    {
        if (TryReadInt64(_reader.UnreadSpan, out var value, out var tokenSize) != DecodeResult.Success)
            return ReadAcross<long>(TryReadInt64);
        _reader.Advance(tokenSize);
        return value;
    }

    /// <summary>Reads a number, be it an integer.</summary>
    public float ReadSingle()
    {
        if (TryReadSingle(_reader.UnreadSpan, out var value, out var tokenSize) != DecodeResult.Success)
            return ReadAcross<float>(TryReadSingle);
        _reader.Advance(tokenSize);
        return value;
    }

    /// <summary>Reads a number, be it an integer.</summary>
    public double ReadDouble()
    {
        if (TryReadDouble(_reader.UnreadSpan, out var value, out var tokenSize) != DecodeResult.Success)
            return ReadAcross<double>(TryReadDouble);
        _reader.Advance(tokenSize);
        return value;
    }

    /// <summary>Reads a timestamp, which is in UTC.</summary>
    public DateTime ReadDateTime()
    {
        if (TryReadDateTime(_reader.UnreadSpan, out var value, out var tokenSize) != DecodeResult.Success)
            return ReadAcross<DateTime>(TryReadDateTime);
        _reader.Advance(tokenSize);
        return value;
    }

    /// <summary>Reads a timestamp whose header has been read.</summary>
    public DateTime ReadDateTime(ExtensionHeader header)
        => ReadAcross((ReadOnlySpan<byte> source, out DateTime value, out int tokenSize)
            => TryReadDateTime(source, header, out value, out tokenSize));
}
