using Akka.Event;

namespace Akka.Streams;

/// <summary>A materializer that makes the loggers of the stages it runs.</summary>
public interface IMaterializerLoggingProvider
{
    ILoggingAdapter MakeLogger(object logSource);
}
