using System.Buffers;
using MessagePack;

namespace UdsBroker.Compat.Codec.Tests;

/// <summary>One value with its bytes. The value's type says which write and read methods are meant.</summary>
/// <param name="Value">Nil as null; a binary as byte[]; a header as <see cref="Array"/>, <see cref="Map"/> or <see cref="ExtensionHeader"/>.</param>
/// <param name="Bytes">The shortest encoding.</param>
public sealed record Vector(object? Value, byte[] Bytes)
{
    /// <summary>The number of elements of an array that is announced.</summary>
    public sealed record Array(uint Count);

    /// <summary>The number of pairs of a map that is announced.</summary>
    public sealed record Map(uint Count);

    /// <summary>Shown as the name of a test case.</summary>
    public override string ToString()
    {
        var value = Value switch
        {
            null => "nil",
            string text => $"string of {text.Length}",
            byte[] bytes => $"binary of {bytes.Length}",
            ExtensionHeader header => $"extension {header.TypeCode} of {header.Length}",
            DateTime time => time.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            _ => $"{Value.GetType().Name} {Value}",
        };
        return $"{value} {Convert.ToHexString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 12)))}";
    }

    /// <summary>Writes the value.</summary>
    internal void Write(ref MessagePackWriter writer)
    {
        switch (Value)
        {
            case null: writer.WriteNil(); break;
            case bool value: writer.Write(value); break;
            case byte value: writer.Write(value); break;
            case ushort value: writer.Write(value); break;
            case uint value: writer.Write(value); break;
            case ulong value: writer.Write(value); break;
            case sbyte value: writer.Write(value); break;
            case short value: writer.Write(value); break;
            case int value: writer.Write(value); break;
            case long value: writer.Write(value); break;
            case char value: writer.Write(value); break;
            case float value: writer.Write(value); break;
            case double value: writer.Write(value); break;
            case string value: writer.Write(value); break;
            case byte[] value: writer.Write(value); break;
            case DateTime value: writer.Write(value); break;
            case Array value: writer.WriteArrayHeader(value.Count); break;
            case Map value: writer.WriteMapHeader(value.Count); break;
            case ExtensionHeader value: writer.WriteExtensionFormatHeader(value); break;
            default: throw new InvalidOperationException($"No way to write {Value}");
        }
    }

    /// <summary>Reads a value of the same type.</summary>
    internal object? Read(ref MessagePackReader reader) => Value switch
    {
        null => reader.ReadNil() == Nil.Default ? null : throw new InvalidOperationException("Nil is unequal to itself"),
        bool => reader.ReadBoolean(),
        byte => reader.ReadByte(),
        ushort => reader.ReadUInt16(),
        uint => reader.ReadUInt32(),
        ulong => reader.ReadUInt64(),
        sbyte => reader.ReadSByte(),
        short => reader.ReadInt16(),
        int => reader.ReadInt32(),
        long => reader.ReadInt64(),
        char => reader.ReadChar(),
        float => reader.ReadSingle(),
        double => reader.ReadDouble(),
        string => reader.ReadString(),
        byte[] => reader.ReadBytes()?.ToArray(),
        DateTime => reader.ReadDateTime(),
        Array => reader.TryReadArrayHeader(out var count) ? new Array((uint)count) : throw new EndOfStreamException(),
        Map => reader.TryReadMapHeader(out var count) ? new Map((uint)count) : throw new EndOfStreamException(),
        ExtensionHeader => reader.TryReadExtensionFormatHeader(out var header) ? header : throw new EndOfStreamException(),
        _ => throw new InvalidOperationException($"No way to read {Value}"),
    };
}
