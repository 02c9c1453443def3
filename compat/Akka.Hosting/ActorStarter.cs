using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Creates top-level actors and registers them; awaited before the next starter runs.</summary>
public delegate Task ActorStarter(ActorSystem system, IActorRegistry registry);
