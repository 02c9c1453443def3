using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace MessagePack;

/// <content>
/// Integers. Any encoding of an integer is accepted for any type, as long as the value fits: the specification leaves the choice to the
/// writer. A value that does not fit is an <see cref="OverflowException"/>.
/// </content>
public static partial class MessagePackPrimitives
{
    /// <summary>Reads an integer.</summary>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryReadByte(ReadOnlySpan<byte> source, out byte value, out int tokenSize) => ReadInteger(source, out value, out tokenSize);

    /// <summary>Reads an integer.</summary>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryReadUInt16(ReadOnlySpan<byte> source, out ushort value, out int tokenSize) => ReadInteger(source, out value, out tokenSize);

    /// <summary>Reads an integer.</summary>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryReadUInt32(ReadOnlySpan<byte> source, out uint value, out int tokenSize) => ReadInteger(source, out value, out tokenSize);

    /// <summary>Reads an integer.</summary>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryReadUInt64(ReadOnlySpan<byte> source, out ulong value, out int tokenSize) => ReadInteger(source, out value, out tokenSize);

    /// <summary>Reads an integer.</summary>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryReadSByte(ReadOnlySpan<byte> source, out sbyte value, out int tokenSize) => ReadInteger(source, out value, out tokenSize);

    /// <summary>Reads an integer.</summary>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryReadInt16(ReadOnlySpan<byte> source, out short value, out int tokenSize) => ReadInteger(source, out value, out tokenSize);

    /// <summary>Reads an integer.</summary>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryReadInt32(ReadOnlySpan<byte> source, out int value, out int tokenSize) => ReadInteger(source, out value, out tokenSize);

    /// <summary>Reads an integer.</summary>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryReadInt64(ReadOnlySpan<byte> source, out long value, out int tokenSize) => ReadInteger(source, out value, out tokenSize);

    /// <summary>Reads an integer and takes it as a UTF-16 code unit.</summary>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    public static DecodeResult TryReadChar(ReadOnlySpan<byte> source, out char value, out int tokenSize)
    {
        var result = TryReadUInt16(source, out var unit, out tokenSize);
        value = (char)unit;
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DecodeResult ReadInteger<T>(ReadOnlySpan<byte> source, out T value, out int tokenSize)
        where T : struct, INumberBase<T>
    {
        if (!source.IsEmpty && source[0] <= MessagePackCode.MaxFixInt)
        {
            value = T.CreateTruncating(source[0]);
            tokenSize = 1;
            return DecodeResult.Success;
        }

        return SlowPath(source, out value, out tokenSize);

        static DecodeResult SlowPath(ReadOnlySpan<byte> source, out T value, out int tokenSize)
        {
            if (!source.IsEmpty && source[0] == MessagePackCode.UInt64)
            {
                tokenSize = 9;
                value = source.Length < tokenSize ? T.Zero : T.CreateChecked(BinaryPrimitives.ReadUInt64BigEndian(source[1..]));
                return source.Length < tokenSize ? DecodeResult.InsufficientBuffer : DecodeResult.Success;
            }

            var result = ReadSigned(source, out var wide, out tokenSize);
            value = T.CreateChecked(wide);
            return result;
        }
    }

    private static DecodeResult ReadSigned(ReadOnlySpan<byte> source, out long value, out int tokenSize)
    {
        value = 0;
        tokenSize = 1;
        if (source.IsEmpty)
            return DecodeResult.EmptyBuffer;

        var code = source[0];
        if (code is <= MessagePackCode.MaxFixInt or >= MessagePackCode.MinNegativeFixInt)
        {
            value = (sbyte)code;
            return DecodeResult.Success;
        }

        if (code is < MessagePackCode.UInt8 or > MessagePackCode.Int64)
            return DecodeResult.TokenMismatch;

        // 0xcc to 0xcf are unsigned, 0xd0 to 0xd3 signed, both of 1, 2, 4 and 8 bytes
        tokenSize = 1 + (1 << (code & 3));
        if (source.Length < tokenSize)
            return DecodeResult.InsufficientBuffer;

        var body = source[1..];
        value = code switch
        {
            MessagePackCode.UInt8 => body[0],
            MessagePackCode.UInt16 => BinaryPrimitives.ReadUInt16BigEndian(body),
            MessagePackCode.UInt32 => BinaryPrimitives.ReadUInt32BigEndian(body),
            MessagePackCode.UInt64 => checked((long)BinaryPrimitives.ReadUInt64BigEndian(body)),
            MessagePackCode.Int8 => (sbyte)body[0],
            MessagePackCode.Int16 => BinaryPrimitives.ReadInt16BigEndian(body),
            MessagePackCode.Int32 => BinaryPrimitives.ReadInt32BigEndian(body),
            _ => BinaryPrimitives.ReadInt64BigEndian(body),
        };
        return DecodeResult.Success;
    }
}
