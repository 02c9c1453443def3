using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Runs once all actors have been started; awaited before the next one runs.</summary>
public delegate Task StartupTask(ActorSystem system, IActorRegistry registry);
