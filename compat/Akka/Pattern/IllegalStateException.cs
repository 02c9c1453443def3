using Akka.Actor;

namespace Akka.Pattern;

/// <summary>Something was asked for at a time when it is not possible.</summary>
public class IllegalStateException : AkkaException
{
    public IllegalStateException(string message)
        : base(message)
    {
    }

    public IllegalStateException(string message, Exception innerEx)
        : base(message, innerEx)
    {
    }
}
