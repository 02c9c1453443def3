using System.Globalization;

namespace UdsBroker.Broker.Routing;

/// <summary>How many messages may be kept, and how many bytes of whole frames.</summary>
/// <param name="Messages">Messages.</param>
/// <param name="Bytes">Bytes.</param>
internal sealed record KeptBound(int Messages, long Bytes)
{
    /// <summary>Any number.</summary>
    internal static readonly KeptBound None = new(int.MaxValue, long.MaxValue);

    /// <summary>A bound from the settings of users, where 0 means unlimited.</summary>
    internal static KeptBound OfUser(int messages, long bytes) => new(messages == 0 ? int.MaxValue : messages, bytes == 0 ? long.MaxValue : bytes);

    /// <summary>Whether one more message of this length is within the bound.</summary>
    internal bool HasRoom(int messages, long bytes, int length) => messages < Messages && length <= Bytes - bytes;

    /// <summary>The bound as text for people, without an unlimited part.</summary>
    public override string ToString()
    {
        var messages = string.Create(CultureInfo.InvariantCulture, $"{Messages} messages");
        var bytes = string.Create(CultureInfo.InvariantCulture, $"{Bytes} bytes");
        if (Bytes == long.MaxValue) return messages;
        return Messages == int.MaxValue ? bytes : $"{messages} or {bytes}";
    }
}
