namespace UdsBroker.Protocol.Tests;

/// <summary>Bytes as people write them: pairs of hexadecimal digits with spaces.</summary>
public static class Hex
{
    public static byte[] Bytes(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    public static string Text(ReadOnlySpan<byte> bytes) => string.Join(' ', Convert.ToHexString(bytes).Chunk(2).Select(pair => new string(pair)));
}
