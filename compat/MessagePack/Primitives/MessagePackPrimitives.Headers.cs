using System.Runtime.CompilerServices;

namespace MessagePack;

/// <content>Nil, booleans, and the headers of arrays, maps, strings and binaries.</content>
public static partial class MessagePackPrimitives
{
    /// <summary>Reads nil.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryReadNil(ReadOnlySpan<byte> source, out int tokenSize)
    {
        tokenSize = 1;
        if (source.IsEmpty)
            return DecodeResult.EmptyBuffer;
        return source[0] == MessagePackCode.Nil ? DecodeResult.Success : DecodeResult.TokenMismatch;
    }

    /// <summary>Reads true or false.</summary>
    public static DecodeResult TryReadBool(ReadOnlySpan<byte> source, out bool value, out int tokenSize)
    {
        tokenSize = 1;
        value = !source.IsEmpty && source[0] == MessagePackCode.True;
        if (source.IsEmpty)
            return DecodeResult.EmptyBuffer;
        return source[0] is MessagePackCode.True or MessagePackCode.False ? DecodeResult.Success : DecodeResult.TokenMismatch;
    }

    /// <summary>Reads how many elements an array has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryReadArrayHeader(ReadOnlySpan<byte> source, out uint count, out int tokenSize)
    {
        if (!source.IsEmpty && source[0] is >= MessagePackCode.MinFixArray and <= MessagePackCode.MaxFixArray)
        {
            count = (uint)source[0] & 0x0f;
            tokenSize = 1;
            return DecodeResult.Success;
        }

        return SlowPath(source, out count, out tokenSize);

        static DecodeResult SlowPath(ReadOnlySpan<byte> source, out uint count, out int tokenSize)
            => (source.IsEmpty ? 0 : source[0]) switch
            {
                MessagePackCode.Array16 => ReadLength(source, 2, out count, out tokenSize),
                MessagePackCode.Array32 => ReadLength(source, 4, out count, out tokenSize),
                _ => Mismatch(source, out count, out tokenSize),
            };
    }

    /// <summary>Reads how many pairs a map has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryReadMapHeader(ReadOnlySpan<byte> source, out uint count, out int tokenSize)
    {
        if (!source.IsEmpty && source[0] is >= MessagePackCode.MinFixMap and <= MessagePackCode.MaxFixMap)
        {
            count = (uint)source[0] & 0x0f;
            tokenSize = 1;
            return DecodeResult.Success;
        }

        return SlowPath(source, out count, out tokenSize);

        static DecodeResult SlowPath(ReadOnlySpan<byte> source, out uint count, out int tokenSize)
            => (source.IsEmpty ? 0 : source[0]) switch
            {
                MessagePackCode.Map16 => ReadLength(source, 2, out count, out tokenSize),
                MessagePackCode.Map32 => ReadLength(source, 4, out count, out tokenSize),
                _ => Mismatch(source, out count, out tokenSize),
            };
    }

    /// <summary>Reads how many bytes of UTF-8 a string has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryReadStringHeader(ReadOnlySpan<byte> source, out uint length, out int tokenSize)
    {
        if (!source.IsEmpty && source[0] is >= MessagePackCode.MinFixStr and <= MessagePackCode.MaxFixStr)
        {
            length = (uint)source[0] & 0x1f;
            tokenSize = 1;
            return DecodeResult.Success;
        }

        return SlowPath(source, out length, out tokenSize);

        static DecodeResult SlowPath(ReadOnlySpan<byte> source, out uint length, out int tokenSize)
            => (source.IsEmpty ? 0 : source[0]) switch
            {
                MessagePackCode.Str8 => ReadLength(source, 1, out length, out tokenSize),
                MessagePackCode.Str16 => ReadLength(source, 2, out length, out tokenSize),
                MessagePackCode.Str32 => ReadLength(source, 4, out length, out tokenSize),
                _ => Mismatch(source, out length, out tokenSize),
            };
    }

    /// <summary>Reads how many bytes a binary has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeResult TryReadBinHeader(ReadOnlySpan<byte> source, out uint length, out int tokenSize)
    {
        if (source.Length >= 2 && source[0] == MessagePackCode.Bin8)
        {
            length = source[1];
            tokenSize = 2;
            return DecodeResult.Success;
        }

        return SlowPath(source, out length, out tokenSize);

        static DecodeResult SlowPath(ReadOnlySpan<byte> source, out uint length, out int tokenSize)
            => (source.IsEmpty ? 0 : source[0]) switch
            {
                MessagePackCode.Bin8 => ReadLength(source, 1, out length, out tokenSize),
                MessagePackCode.Bin16 => ReadLength(source, 2, out length, out tokenSize),
                MessagePackCode.Bin32 => ReadLength(source, 4, out length, out tokenSize),
                _ => Mismatch(source, out length, out tokenSize),
            };
    }
}
