using System.Text;
using UdsBroker.Bench.Wires;

namespace UdsBroker.Bench.Load;

/// <summary>Messages encoded in advance, to be published over and over again, and what a subscriber then has to receive.</summary>
internal sealed class Block
{
    /// <summary>About so much is encoded, which is more than one system call takes.</summary>
    private const int WantedBytes = 256 * 1024;

    private Block(byte[] published, byte[] delivered, int messages)
    {
        Published = published;
        Delivered = delivered;
        Messages = messages;
    }

    internal byte[] Published { get; }

    internal byte[] Delivered { get; }

    internal int Messages { get; }

    /// <summary>The bytes of each published message; all have the same length.</summary>
    internal int PublishedLength => Published.Length / Messages;

    /// <summary>The bytes of each delivered message; all have the same length.</summary>
    internal int DeliveredLength => Delivered.Length / Messages;

    /// <summary>Encodes messages of one size, to all subjects in turn.</summary>
    /// <param name="wire">The wire that encodes them.</param>
    /// <param name="subjects">The subjects, each with the sid and the pattern for which it is delivered.</param>
    /// <param name="payloadLength">The bytes of each payload.</param>
    internal static Block Create(Wire wire, IReadOnlyList<(string Subject, uint Sid, string Pattern)> subjects, int payloadLength)
    {
        var payload = Payload(payloadLength);
        var published = new MemoryStream();
        var delivered = new MemoryStream();
        var messages = 0;
        do
        {
            foreach (var (subject, sid, pattern) in subjects)
            {
                published.Write(wire.Publish(subject, payload));
                delivered.Write(wire.Delivered(sid, pattern, subject, payload));
                messages++;
            }
        }
        while (published.Length < WantedBytes);
        var block = new Block(published.ToArray(), delivered.ToArray(), messages);
        if (block.Published.Length % messages != 0 || block.Delivered.Length % messages != 0)
            throw new InvalidOperationException("The messages of a block must have one length.");
        return block;
    }

    /// <summary>Letters and digits; none of them begins a message of any wire.</summary>
    internal static byte[] Payload(int length)
    {
        var letters = Encoding.ASCII.GetBytes("abcdefghijklmnopqrstuvwxyz0123456789");
        var payload = new byte[length];
        for (var i = 0; i < length; i++) payload[i] = letters[i % letters.Length];
        return payload;
    }
}
