using Akka.Dispatch;

namespace Akka.Event;

/// <summary>The mailbox that loggers ask for.</summary>
public interface ILoggerMessageQueueSemantics : ISemantics
{
}
