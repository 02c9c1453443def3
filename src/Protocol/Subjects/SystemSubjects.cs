using System.Buffers.Text;

namespace UdsBroker.Protocol;

/// <summary>
/// The subjects below <c>$SYS.</c> on which the broker publishes; the payloads are JSON. PROTOCOL.md, "What the broker says".
/// </summary>
public static class SystemSubjects
{
    /// <summary>The broker's statistics, published periodically while somebody is subscribed.</summary>
    public const string Statistics = "$SYS.stats";

    /// <summary>Matches everything about clients that connect and disconnect.</summary>
    public const string Clients = "$SYS.client.>";

    /// <summary>Matches the clients that are connected.</summary>
    public const string ConnectedClients = "$SYS.client.*.connected";

    /// <summary>
    /// Prefix of a subject: tells whether anybody is subscribed to that subject. A subscriber gets the answer at once, and again with every
    /// change between nobody and somebody.
    /// </summary>
    public const string InterestPrefix = "$SYS.interest.";

    /// <summary>The bytes of the subject on which the connection of a client is announced.</summary>
    public const int ConnectedLength = 58;

    private static ReadOnlySpan<byte> Client => "$SYS.client."u8;

    /// <summary>Writes the subject on which the connection of a client is announced, <see cref="ConnectedLength"/> bytes.</summary>
    /// <exception cref="ArgumentException">The destination is shorter.</exception>
    public static void WriteConnected(Span<byte> destination, Guid id)
    {
        Client.CopyTo(destination);
        if (!Utf8Formatter.TryFormat(id, destination[Client.Length..], out int length, 'D'))
            throw new ArgumentException($"{destination.Length} bytes, the subject has {ConnectedLength}", nameof(destination));
        ".connected"u8.CopyTo(destination[(Client.Length + length)..]);
    }

    /// <summary>The subject on which the connection of a client is announced.</summary>
    public static string Connected(Guid id) => $"$SYS.client.{id}.connected";

    /// <summary>The subject on which the end of that connection is announced.</summary>
    public static string Disconnected(Guid id) => $"$SYS.client.{id}.disconnected";
}
