using Akka.Event;

namespace Akka.Streams.Stage;

/// <summary>A stage that can log.</summary>
public interface IStageLogging
{
    ILoggingAdapter Log { get; }
}
