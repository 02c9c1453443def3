using System.Runtime.CompilerServices;

namespace MessagePack;

/// <content>Writing integers: the shortest encoding, or the one that the method names.</content>
public static partial class MessagePackPrimitives
{
    /// <summary>Writes an integer in its shortest encoding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWrite(Span<byte> destination, byte value, out int bytesWritten)
    {
        if (value <= MessagePackRange.MaxFixPositiveInt)
            return WriteCode(destination, value, out bytesWritten);
        return TryWriteUInt8(destination, value, out bytesWritten);
    }

    /// <summary>Writes an integer in its shortest encoding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWrite(Span<byte> destination, ushort value, out int bytesWritten)
    {
        if (value <= MessagePackRange.MaxFixPositiveInt)
            return WriteCode(destination, (byte)value, out bytesWritten);
        return SlowPath(destination, value, out bytesWritten);

        static bool SlowPath(Span<byte> destination, ushort value, out int bytesWritten) => value switch
        {
            <= byte.MaxValue => TryWriteUInt8(destination, (byte)value, out bytesWritten),
            _ => TryWriteUInt16(destination, value, out bytesWritten),
        };
    }

    /// <summary>Writes an integer in its shortest encoding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWrite(Span<byte> destination, uint value, out int bytesWritten)
    {
        if (value <= MessagePackRange.MaxFixPositiveInt)
            return WriteCode(destination, (byte)value, out bytesWritten);
        return SlowPath(destination, value, out bytesWritten);

        static bool SlowPath(Span<byte> destination, uint value, out int bytesWritten) => value switch
        {
            <= byte.MaxValue => TryWriteUInt8(destination, (byte)value, out bytesWritten),
            <= ushort.MaxValue => TryWriteUInt16(destination, (ushort)value, out bytesWritten),
            _ => TryWriteUInt32(destination, value, out bytesWritten),
        };
    }

    /// <summary>Writes an integer in its shortest encoding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWrite(Span<byte> destination, ulong value, out int bytesWritten)
    {
        if (value <= MessagePackRange.MaxFixPositiveInt)
            return WriteCode(destination, (byte)value, out bytesWritten);
        return SlowPath(destination, value, out bytesWritten);

        static bool SlowPath(Span<byte> destination, ulong value, out int bytesWritten) => value switch
        {
            <= byte.MaxValue => TryWriteUInt8(destination, (byte)value, out bytesWritten),
            <= ushort.MaxValue => TryWriteUInt16(destination, (ushort)value, out bytesWritten),
            <= uint.MaxValue => TryWriteUInt32(destination, (uint)value, out bytesWritten),
            _ => TryWriteUInt64(destination, value, out bytesWritten),
        };
    }

    /// <summary>Writes an integer in its shortest encoding; one that is not negative in an unsigned one.</summary>
    public static bool TryWrite(Span<byte> destination, sbyte value, out int bytesWritten) => value switch
    {
        >= 0 => TryWrite(destination, (byte)value, out bytesWritten),
        >= MessagePackRange.MinFixNegativeInt => WriteCode(destination, (byte)value, out bytesWritten),
        _ => TryWriteInt8(destination, value, out bytesWritten),
    };

    /// <summary>Writes an integer in its shortest encoding; one that is not negative in an unsigned one.</summary>
    public static bool TryWrite(Span<byte> destination, short value, out int bytesWritten) => value switch
    {
        >= 0 => TryWrite(destination, (ushort)value, out bytesWritten),
        >= MessagePackRange.MinFixNegativeInt => WriteCode(destination, (byte)value, out bytesWritten),
        >= sbyte.MinValue => TryWriteInt8(destination, (sbyte)value, out bytesWritten),
        _ => TryWriteInt16(destination, value, out bytesWritten),
    };

    /// <summary>Writes an integer in its shortest encoding; one that is not negative in an unsigned one.</summary>
    public static bool TryWrite(Span<byte> destination, int value, out int bytesWritten) => value switch
    {
        >= 0 => TryWrite(destination, (uint)value, out bytesWritten),
        >= MessagePackRange.MinFixNegativeInt => WriteCode(destination, (byte)value, out bytesWritten),
        >= sbyte.MinValue => TryWriteInt8(destination, (sbyte)value, out bytesWritten),
        >= short.MinValue => TryWriteInt16(destination, (short)value, out bytesWritten),
        _ => TryWriteInt32(destination, value, out bytesWritten),
    };

    /// <summary>Writes an integer in its shortest encoding; one that is not negative in an unsigned one.</summary>
    public static bool TryWrite(Span<byte> destination, long value, out int bytesWritten) => value switch
    {
        >= 0 => TryWrite(destination, (ulong)value, out bytesWritten),
        >= MessagePackRange.MinFixNegativeInt => WriteCode(destination, (byte)value, out bytesWritten),
        >= sbyte.MinValue => TryWriteInt8(destination, (sbyte)value, out bytesWritten),
        >= short.MinValue => TryWriteInt16(destination, (short)value, out bytesWritten),
        >= int.MinValue => TryWriteInt32(destination, (int)value, out bytesWritten),
        _ => TryWriteInt64(destination, value, out bytesWritten),
    };

    /// <summary>Writes an integer as uint 8, however small it is.</summary>
    public static bool TryWriteUInt8(Span<byte> destination, byte value, out int bytesWritten)
        => Write8(destination, MessagePackCode.UInt8, value, out bytesWritten);

    /// <summary>Writes an integer as uint 16, however small it is.</summary>
    public static bool TryWriteUInt16(Span<byte> destination, ushort value, out int bytesWritten)
        => Write16(destination, MessagePackCode.UInt16, value, out bytesWritten);

    /// <summary>Writes an integer as uint 32, however small it is.</summary>
    public static bool TryWriteUInt32(Span<byte> destination, uint value, out int bytesWritten)
        => Write32(destination, MessagePackCode.UInt32, value, out bytesWritten);

    /// <summary>Writes an integer as uint 64, however small it is.</summary>
    public static bool TryWriteUInt64(Span<byte> destination, ulong value, out int bytesWritten)
        => Write64(destination, MessagePackCode.UInt64, value, out bytesWritten);

    /// <summary>Writes an integer as int 8, however small it is.</summary>
    public static bool TryWriteInt8(Span<byte> destination, sbyte value, out int bytesWritten)
        => Write8(destination, MessagePackCode.Int8, (byte)value, out bytesWritten);

    /// <summary>Writes an integer as int 16, however small it is.</summary>
    public static bool TryWriteInt16(Span<byte> destination, short value, out int bytesWritten)
        => Write16(destination, MessagePackCode.Int16, (ushort)value, out bytesWritten);

    /// <summary>Writes an integer as int 32, however small it is.</summary>
    public static bool TryWriteInt32(Span<byte> destination, int value, out int bytesWritten)
        => Write32(destination, MessagePackCode.Int32, (uint)value, out bytesWritten);

    /// <summary>Writes an integer as int 64, however small it is.</summary>
    public static bool TryWriteInt64(Span<byte> destination, long value, out int bytesWritten)
        => Write64(destination, MessagePackCode.Int64, (ulong)value, out bytesWritten);
}
