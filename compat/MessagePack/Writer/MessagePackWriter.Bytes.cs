using System.Buffers;
using System.Text;

namespace MessagePack;

/// <content>
/// Headers, strings, binaries and extensions. A header asks the buffer for the room of what it announces, too. One that announces a negative
/// length, or one so large that there can be no such room, is an <see cref="OverflowException"/>.
/// </content>
public ref partial struct MessagePackWriter
{
    private const int LongestHeader = 5;

    /// <summary>Announces an array; its elements must follow.</summary>
    public void WriteArrayHeader(int count) => WriteArrayHeader(checked((uint)count));

    /// <summary>Announces an array; its elements must follow.</summary>
    public void WriteArrayHeader(uint count)
        => Count(MessagePackPrimitives.TryWriteArrayHeader(GetSpan(LongestHeader), count, out var length), length);

    /// <summary>Announces a map; its keys and values must follow in turn.</summary>
    public void WriteMapHeader(int count) => WriteMapHeader(checked((uint)count));

    /// <summary>Announces a map; its keys and values must follow in turn.</summary>
    public void WriteMapHeader(uint count)
        => Count(MessagePackPrimitives.TryWriteMapHeader(GetSpan(LongestHeader), count, out var length), length);

    /// <summary>Announces a binary; its bytes must follow, with <see cref="WriteRaw(ReadOnlySpan{byte})"/>.</summary>
    public void WriteBinHeader(int length)
    {
        if (OldSpec)
        {
            WriteStringHeader(length);
            return;
        }

        var room = GetSpan(checked(length + LongestHeader));
        Count(MessagePackPrimitives.TryWriteBinHeader(room, checked((uint)length), out var headerLength), headerLength);
    }

    /// <summary>Announces a string; its UTF-8 bytes must follow, with <see cref="WriteRaw(ReadOnlySpan{byte})"/>.</summary>
    public void WriteStringHeader(int byteCount)
    {
        var room = GetSpan(checked(byteCount + LongestHeader));
        Count(MessagePackPrimitives.TryWriteStringHeader(room, checked((uint)byteCount), out var length), length);
    }

    /// <summary>Announces an extension; its bytes must follow, with <see cref="WriteRaw(ReadOnlySpan{byte})"/>.</summary>
    public void WriteExtensionFormatHeader(ExtensionHeader extensionHeader)
    {
        var room = GetSpan(checked((int)(extensionHeader.Length + LongestHeader + 1)));
        Count(MessagePackPrimitives.TryWriteExtensionFormatHeader(room, extensionHeader, out var length), length);
    }

    /// <summary>Writes an extension.</summary>
    public void WriteExtensionFormat(ExtensionResult extensionData)
    {
        WriteExtensionFormatHeader(extensionData.Header);
        WriteRaw(extensionData.Data);
    }

    /// <summary>Writes a binary, or nil for null.</summary>
    public void Write(byte[]? src)
    {
        if (src == null)
            WriteNil();
        else
            Write(src.AsSpan());
    }

    /// <summary>Writes a binary.</summary>
    public void Write(ReadOnlySpan<byte> src)
    {
        WriteBinHeader(src.Length);
        src.CopyTo(GetSpan(src.Length));
        Advance(src.Length);
    }

    /// <summary>Writes a binary.</summary>
    public void Write(in ReadOnlySequence<byte> src)
    {
        var length = (int)src.Length;
        WriteBinHeader(length);
        src.CopyTo(GetSpan(length));
        Advance(length);
    }

    /// <summary>Writes a string from its UTF-8 bytes, which are not checked.</summary>
    public void WriteString(ReadOnlySpan<byte> utf8stringBytes)
    {
        WriteStringHeader(utf8stringBytes.Length);
        utf8stringBytes.CopyTo(GetSpan(utf8stringBytes.Length));
        Advance(utf8stringBytes.Length);
    }

    /// <summary>Writes a string from its UTF-8 bytes, which are not checked.</summary>
    public void WriteString(in ReadOnlySequence<byte> utf8stringBytes)
    {
        var length = (int)utf8stringBytes.Length;
        WriteStringHeader(length);
        utf8stringBytes.CopyTo(GetSpan(length));
        Advance(length);
    }

    /// <summary>Writes a string, or nil for null. Lone surrogates become U+FFFD.</summary>
    public void Write(string? value)
    {
        if (value == null)
            WriteNil();
        else
            WriteText(value);
    }

    /// <summary>Writes a string. Lone surrogates become U+FFFD.</summary>
    /// <exception cref="ArgumentNullException">The span is empty: the real package takes its address, which is null.</exception>
    public void Write(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
            throw new ArgumentNullException(nameof(value));
        WriteText(value);
    }

    private void WriteText(ReadOnlySpan<char> value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        if (OldSpec && bytes is > MessagePackRange.MaxFixStringLength and <= byte.MaxValue)
            WriteOldStringHeader((byte)bytes);
        else
            WriteStringHeader(bytes);
        Advance(Encoding.UTF8.GetBytes(value, GetSpan(bytes)));
    }

    /// <summary>The old specification has no header of two bytes.</summary>
    private void WriteOldStringHeader(byte length)
    {
        var room = GetSpan(length + LongestHeader);
        (room[0], room[1], room[2]) = (MessagePackCode.Str16, 0, length);
        Advance(3);
    }
}
