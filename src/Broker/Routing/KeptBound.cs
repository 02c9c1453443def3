using System.Globalization;

namespace UdsBroker.Broker.Routing;

/// <summary>How many messages may be kept, and how many bytes of whole frames.</summary>
/// <param name="Messages">Messages.</param>
/// <param name="Bytes">Bytes.</param>
internal sealed record KeptBound(int Messages, long Bytes)
{
    /// <summary>Any number.</summary>
    internal static readonly KeptBound None = new(int.MaxValue, long.MaxValue);

    /// <summary>A bound as the settings of users have it, where 0 stands for any number.</summary>
    internal static KeptBound OfUser(int messages, long bytes) => new(messages == 0 ? int.MaxValue : messages, bytes == 0 ? long.MaxValue : bytes);

    /// <summary>Whether one more message of so many bytes is within it.</summary>
    internal bool HasRoom(int messages, long bytes, int length) => messages < Messages && length <= Bytes - bytes;

    /// <summary>The bound for people, without what it does not bound.</summary>
    public override string ToString()
    {
        var messages = string.Create(CultureInfo.InvariantCulture, $"{Messages} messages");
        var bytes = string.Create(CultureInfo.InvariantCulture, $"{Bytes} bytes");
        if (Bytes == long.MaxValue) return messages;
        return Messages == int.MaxValue ? bytes : $"{messages} or {bytes}";
    }
}
