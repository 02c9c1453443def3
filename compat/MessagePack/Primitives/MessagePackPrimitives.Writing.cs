using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace MessagePack;

/// <content>
/// Writing. Each method takes the shortest encoding that holds the value, except those that name a width (<c>TryWriteInt32</c>). If the
/// destination is too short they write nothing that counts, answer false, and <c>bytesWritten</c> is the length that is needed.
/// </content>
public static partial class MessagePackPrimitives
{
    /// <summary>Writes nil.</summary>
    public static bool TryWriteNil(Span<byte> destination, out int bytesWritten)
        => WriteCode(destination, MessagePackCode.Nil, out bytesWritten);

    /// <summary>Writes true or false.</summary>
    public static bool TryWrite(Span<byte> destination, bool value, out int bytesWritten)
        => WriteCode(destination, value ? MessagePackCode.True : MessagePackCode.False, out bytesWritten);

    /// <summary>Writes how many elements the array has that follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWriteArrayHeader(Span<byte> destination, uint count, out int bytesWritten)
    {
        if (count <= MessagePackRange.MaxFixArrayCount)
            return WriteCode(destination, (byte)(MessagePackCode.MinFixArray | count), out bytesWritten);
        return count <= ushort.MaxValue
            ? Write16(destination, MessagePackCode.Array16, (ushort)count, out bytesWritten)
            : Write32(destination, MessagePackCode.Array32, count, out bytesWritten);
    }

    /// <summary>Writes how many pairs the map has that follows.</summary>
    public static bool TryWriteMapHeader(Span<byte> destination, uint count, out int bytesWritten)
    {
        if (count <= MessagePackRange.MaxFixMapCount)
            return WriteCode(destination, (byte)(MessagePackCode.MinFixMap | count), out bytesWritten);
        return count <= ushort.MaxValue
            ? Write16(destination, MessagePackCode.Map16, (ushort)count, out bytesWritten)
            : Write32(destination, MessagePackCode.Map32, count, out bytesWritten);
    }

    /// <summary>Writes how many bytes the binary has that follows.</summary>
    public static bool TryWriteBinHeader(Span<byte> destination, uint length, out int bytesWritten) => length switch
    {
        <= byte.MaxValue => Write8(destination, MessagePackCode.Bin8, (byte)length, out bytesWritten),
        <= ushort.MaxValue => Write16(destination, MessagePackCode.Bin16, (ushort)length, out bytesWritten),
        _ => Write32(destination, MessagePackCode.Bin32, length, out bytesWritten),
    };

    /// <summary>Writes how many bytes of UTF-8 the string has that follows.</summary>
    public static bool TryWriteStringHeader(Span<byte> destination, uint byteCount, out int bytesWritten) => byteCount switch
    {
        <= MessagePackRange.MaxFixStringLength
            => WriteCode(destination, (byte)(MessagePackCode.MinFixStr | byteCount), out bytesWritten),
        <= byte.MaxValue => Write8(destination, MessagePackCode.Str8, (byte)byteCount, out bytesWritten),
        <= ushort.MaxValue => Write16(destination, MessagePackCode.Str16, (ushort)byteCount, out bytesWritten),
        _ => Write32(destination, MessagePackCode.Str32, byteCount, out bytesWritten),
    };

    /// <summary>Writes the type and the length of the extension that follows.</summary>
    /// <exception cref="OverflowException">The extension is longer than <see cref="int.MaxValue"/>.</exception>
    public static bool TryWriteExtensionFormatHeader(Span<byte> destination, ExtensionHeader extensionHeader, out int bytesWritten)
    {
        var length = checked((int)extensionHeader.Length);
        var written = length switch
        {
            1 => WriteCode(destination, MessagePackCode.FixExt1, out bytesWritten),
            2 => WriteCode(destination, MessagePackCode.FixExt2, out bytesWritten),
            4 => WriteCode(destination, MessagePackCode.FixExt4, out bytesWritten),
            8 => WriteCode(destination, MessagePackCode.FixExt8, out bytesWritten),
            16 => WriteCode(destination, MessagePackCode.FixExt16, out bytesWritten),
            <= byte.MaxValue => Write8(destination, MessagePackCode.Ext8, (byte)length, out bytesWritten),
            <= ushort.MaxValue => Write16(destination, MessagePackCode.Ext16, (ushort)length, out bytesWritten),
            _ => Write32(destination, MessagePackCode.Ext32, (uint)length, out bytesWritten),
        };
        bytesWritten++;
        if (!written || destination.Length < bytesWritten)
            return false;
        destination[bytesWritten - 1] = (byte)extensionHeader.TypeCode;
        return true;
    }

    /// <summary>Writes a number of 32 bits.</summary>
    public static bool TryWrite(Span<byte> destination, float value, out int bytesWritten)
        => Write32(destination, MessagePackCode.Float32, BitConverter.SingleToUInt32Bits(value), out bytesWritten);

    /// <summary>Writes a number of 64 bits.</summary>
    public static bool TryWrite(Span<byte> destination, double value, out int bytesWritten)
        => Write64(destination, MessagePackCode.Float64, BitConverter.DoubleToUInt64Bits(value), out bytesWritten);

    /// <summary>Writes a UTF-16 code unit as an integer.</summary>
    public static bool TryWrite(Span<byte> destination, char value, out int bytesWritten)
        => TryWrite(destination, (ushort)value, out bytesWritten);

    /// <summary>Writes a timestamp in the shortest of its three forms. Local time is converted to UTC; unspecified time is taken as UTC.</summary>
    public static bool TryWrite(Span<byte> destination, DateTime value, out int bytesWritten)
    {
        var sinceEpoch = (value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value).Ticks - DateTime.UnixEpoch.Ticks;
        var (seconds, ticks) = Math.DivRem(sinceEpoch, TimeSpan.TicksPerSecond);
        if (ticks < 0)
        {
            seconds--;
            ticks += TimeSpan.TicksPerSecond;
        }

        var nanoseconds = (ulong)ticks * NanosecondsPerTick;
        var form = (seconds >> 34) != 0 ? 12 : nanoseconds == 0 && seconds <= uint.MaxValue ? 4 : 8;
        var fits = TryWriteExtensionFormatHeader(
            destination,
            new ExtensionHeader(ReservedMessagePackExtensionTypeCode.DateTime, form),
            out var headerSize);
        bytesWritten = headerSize + form;
        if (!fits || destination.Length < bytesWritten)
            return false;

        var body = destination[headerSize..];
        if (form == 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(body, (uint)seconds);
        }
        else if (form == 8)
        {
            BinaryPrimitives.WriteUInt64BigEndian(body, (nanoseconds << 34) | (ulong)seconds);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(body, (uint)nanoseconds);
            BinaryPrimitives.WriteInt64BigEndian(body[4..], seconds);
        }

        return true;
    }

    private static bool WriteCode(Span<byte> destination, byte code, out int bytesWritten)
    {
        bytesWritten = 1;
        if (destination.IsEmpty)
            return false;
        destination[0] = code;
        return true;
    }

    private static bool Write8(Span<byte> destination, byte code, byte value, out int bytesWritten)
    {
        bytesWritten = 2;
        if (destination.Length < 2)
            return false;
        destination[0] = code;
        destination[1] = value;
        return true;
    }

    private static bool Write16(Span<byte> destination, byte code, ushort value, out int bytesWritten)
    {
        bytesWritten = 3;
        if (destination.Length < 3)
            return false;
        destination[0] = code;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], value);
        return true;
    }

    private static bool Write32(Span<byte> destination, byte code, uint value, out int bytesWritten)
    {
        bytesWritten = 5;
        if (destination.Length < 5)
            return false;
        destination[0] = code;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], value);
        return true;
    }

    private static bool Write64(Span<byte> destination, byte code, ulong value, out int bytesWritten)
    {
        bytesWritten = 9;
        if (destination.Length < 9)
            return false;
        destination[0] = code;
        BinaryPrimitives.WriteUInt64BigEndian(destination[1..], value);
        return true;
    }
}
