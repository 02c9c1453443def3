using System.Runtime.Serialization;

namespace MessagePack;

/// <summary>The bytes are not the value that was asked for.</summary>
public class MessagePackSerializationException : Exception
{
    public MessagePackSerializationException()
    {
    }

    public MessagePackSerializationException(string? message)
        : base(message)
    {
    }

    public MessagePackSerializationException(string? message, Exception? inner)
        : base(message, inner)
    {
    }

    [Obsolete("Serialization of exceptions is obsolete.")]
    protected MessagePackSerializationException(SerializationInfo info, StreamingContext context)
        : base(info, context)
    {
    }
}
