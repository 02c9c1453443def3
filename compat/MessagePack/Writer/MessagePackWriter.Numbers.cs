namespace MessagePack;

/// <content>Nil, booleans, numbers and timestamps.</content>
public ref partial struct MessagePackWriter
{
    /// <summary>Writes nil.</summary>
    public void WriteNil() => Count(MessagePackPrimitives.TryWriteNil(GetSpan(1), out var length), length);

    /// <summary>Writes true or false.</summary>
    public void Write(bool value) => Count(MessagePackPrimitives.TryWrite(GetSpan(1), value, out var length), length);

    /// <summary>Writes a UTF-16 code unit as an integer.</summary>
    public void Write(char value) => Count(MessagePackPrimitives.TryWrite(GetSpan(3), value, out var length), length);

    /// <summary>Writes a number of 32 bits.</summary>
    public void Write(float value) => Count(MessagePackPrimitives.TryWrite(GetSpan(5), value, out var length), length);

    /// <summary>Writes a number of 64 bits.</summary>
    public void Write(double value) => Count(MessagePackPrimitives.TryWrite(GetSpan(9), value, out var length), length);

    /// <summary>Writes a timestamp. Local time is converted to UTC; unspecified time is taken as UTC.</summary>
    /// <exception cref="NotSupportedException"><see cref="OldSpec"/> is set: it has no timestamps.</exception>
    public void Write(DateTime dateTime)
    {
        if (OldSpec)
            throw new NotSupportedException("The old specification of MessagePack has no timestamps");
        Count(MessagePackPrimitives.TryWrite(GetSpan(15), dateTime, out var length), length);
    }

    /// <summary>Writes an integer in its shortest encoding.</summary>
    public void Write(byte value) => Count(MessagePackPrimitives.TryWrite(GetSpan(2), value, out var length), length);

    /// <summary>Writes an integer as uint 8, however small it is.</summary>
    public void WriteUInt8(byte value) => Count(MessagePackPrimitives.TryWriteUInt8(GetSpan(2), value, out var length), length);

    /// <summary>Writes an integer in its shortest encoding.</summary>
    public void Write(ushort value) => Count(MessagePackPrimitives.TryWrite(GetSpan(3), value, out var length), length);

    /// <summary>Writes an integer as uint 16, however small it is.</summary>
    public void WriteUInt16(ushort value) => Count(MessagePackPrimitives.TryWriteUInt16(GetSpan(3), value, out var length), length);

    /// <summary>Writes an integer in its shortest encoding.</summary>
    public void Write(uint value) => Count(MessagePackPrimitives.TryWrite(GetSpan(5), value, out var length), length);

    /// <summary>Writes an integer as uint 32, however small it is.</summary>
    public void WriteUInt32(uint value) => Count(MessagePackPrimitives.TryWriteUInt32(GetSpan(5), value, out var length), length);

    /// <summary>Writes an integer in its shortest encoding.</summary>
    public void Write(ulong value) => Count(MessagePackPrimitives.TryWrite(GetSpan(9), value, out var length), length);

    /// <summary>Writes an integer as uint 64, however small it is.</summary>
    public void WriteUInt64(ulong value) => Count(MessagePackPrimitives.TryWriteUInt64(GetSpan(9), value, out var length), length);

    /// <summary>Writes an integer in its shortest encoding; one that is not negative in an unsigned one.</summary>
    public void Write(sbyte value) => Count(MessagePackPrimitives.TryWrite(GetSpan(2), value, out var length), length);

    /// <summary>Writes an integer as int 8, however small it is.</summary>
    public void WriteInt8(sbyte value) => Count(MessagePackPrimitives.TryWriteInt8(GetSpan(2), value, out var length), length);

    /// <summary>Writes an integer in its shortest encoding; one that is not negative in an unsigned one.</summary>
    public void Write(short value) => Count(MessagePackPrimitives.TryWrite(GetSpan(3), value, out var length), length);

    /// <summary>Writes an integer as int 16, however small it is.</summary>
    public void WriteInt16(short value) => Count(MessagePackPrimitives.TryWriteInt16(GetSpan(3), value, out var length), length);

    /// <summary>Writes an integer in its shortest encoding; one that is not negative in an unsigned one.</summary>
    public void Write(int value) => Count(MessagePackPrimitives.TryWrite(GetSpan(5), value, out var length), length);

    /// <summary>Writes an integer as int 32, however small it is.</summary>
    public void WriteInt32(int value) => Count(MessagePackPrimitives.TryWriteInt32(GetSpan(5), value, out var length), length);

    /// <summary>Writes an integer in its shortest encoding; one that is not negative in an unsigned one.</summary>
    public void Write(long value) => Count(MessagePackPrimitives.TryWrite(GetSpan(9), value, out var length), length);

    /// <summary>Writes an integer as int 64, however small it is.</summary>
    public void WriteInt64(long value) => Count(MessagePackPrimitives.TryWriteInt64(GetSpan(9), value, out var length), length);
}
