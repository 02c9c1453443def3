using System.Runtime.Serialization;

namespace Akka.Actor;

/// <summary>The root of the exceptions that the actor runtime itself throws.</summary>
public abstract class AkkaException : Exception
{
    protected AkkaException()
    {
    }

    protected AkkaException(string message, Exception cause = null)
        : base(message, cause)
    {
    }

#pragma warning disable SYSLIB0051 // the serialization constructor is part of the surface that derived exceptions call
    protected AkkaException(SerializationInfo info, StreamingContext context)
        : base(info, context)
    {
    }
#pragma warning restore SYSLIB0051

    /// <summary>The exception that led to this one, or null.</summary>
    protected Exception Cause => InnerException;
}
